package facilitator

// Time is a moment in Unix milliseconds, as the node that decided a command read it.
type Time int64

// Millis is a length of time in milliseconds.
type Millis int64

const (
	second Millis = 1000
	minute        = 60 * second
)

func (t Time) add(d Millis) Time   { return t + Time(d) }
func (t Time) since(u Time) Millis { return Millis(t - u) }
