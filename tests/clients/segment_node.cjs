// What a Node server sends with @segment/analytics-node: segment_node.cjs HOST KEY
const { Analytics } = require('@segment/analytics-node')

const [host, writeKey] = process.argv.slice(2)
const analytics = new Analytics({ host, writeKey, flushAt: 3 })
analytics.on('error', (error) => { console.error(error); process.exit(1) })

const who = { userId: 'u-1', anonymousId: 'a-1' }
analytics.page({ ...who, name: 'Pricing', properties: { url: 'https://www.example.com/pricing' } })
analytics.screen({ ...who, name: 'Basket' })
analytics.identify({ ...who, traits: { email: 'bo.lind@nordwind.example', name: 'Bo Lind' } })
analytics.track({ ...who, event: 'Trial Extended', properties: { days: 7 } })
analytics.track({ ...who, event: 'Order Completed', properties: { order_id: 'o-1', revenue: 12.5, currency: 'EUR' } })
analytics.group({ ...who, groupId: 'g-1', traits: { name: 'Nordwind' } })
analytics.alias({ previousId: 'a-0', userId: 'u-1' })
analytics.closeAndFlush().then(() => process.exit(0))
