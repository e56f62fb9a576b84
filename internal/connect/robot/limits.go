package robot

import "time"

// Limits are what a vendor lets one robot do, as of a day: they are the vendor's and change.
type Limits struct {
	Since  string        // the day they were read, 2026-11-22
	Minute int           // messages in a minute
	Second int           // messages in a second; 0: only the minute counts
	Bytes  int           // of a message's text
	Skew   time.Duration // how far a signature's time may be off
}

// Gap is how far apart messages must be so that neither limit is reached.
func (l Limits) Gap() time.Duration {
	gap := time.Minute / time.Duration(l.Minute)
	if l.Second > 0 {
		gap = max(gap, time.Second/time.Duration(l.Second))
	}
	return gap
}

// LimitsOf gives the limits of a vendor. 飞书 also asks to avoid the full and the half hour, when its gateway is busy.
func LimitsOf(v Vendor) Limits {
	switch v {
	case WeCom:
		return Limits{Since: "2026-11-22", Minute: 20, Bytes: 4096, Skew: time.Hour}
	case Feishu:
		return Limits{Since: "2026-11-22", Minute: 100, Second: 5, Bytes: 20 << 10, Skew: time.Hour}
	default:
		return Limits{Since: "2026-11-22", Minute: 20, Bytes: 18 << 10, Skew: time.Hour}
	}
}
