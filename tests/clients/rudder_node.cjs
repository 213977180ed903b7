// What a Node server sends with @rudderstack/rudder-sdk-node: rudder_node.cjs HOST KEY
const RudderAnalytics = require('@rudderstack/rudder-sdk-node')

const [dataPlaneUrl, writeKey] = process.argv.slice(2)
const client = new RudderAnalytics(writeKey, { dataPlaneUrl, flushAt: 100, logLevel: 'error' })

const who = { userId: 'u-1', anonymousId: 'a-1' }
client.page({ ...who, name: 'Pricing', properties: { url: 'https://www.example.com/pricing' } })
client.screen({ ...who, name: 'Basket' })
client.identify({ ...who, traits: { email: 'bo.lind@nordwind.example', name: 'Bo Lind' } })
client.track({ ...who, event: 'Trial Extended', properties: { days: 7 } })
client.track({ ...who, event: 'Order Completed', properties: { order_id: 'o-1', revenue: 12.5, currency: 'EUR' } })
client.group({ ...who, groupId: 'g-1', traits: { name: 'Nordwind' } })
client.alias({ previousId: 'a-0', userId: 'u-1' })
client.flush((error) => { if (error) { console.error(error); process.exit(1) } process.exit(0) })
