"""Words: names of persons and firms, notes, support messages. No name of a real person or brand is meant."""
