// Package clock is the only place that reads the wall clock, and defines the two time values the store knows: Ms
// (unix milliseconds) and Day (yyyymmdd in the brand's zone).
package clock

import (
	"sync"
	"time"
)

// Clock tells the time; tests plug a Fake.
type Clock interface {
	Now() time.Time
}

// System returns the machine's clock.
func System() Clock { return system{} }

type system struct{}

func (system) Now() time.Time { return time.Now() }

// Fake is a clock that moves only when told; safe for concurrent use.
type Fake struct {
	mu sync.Mutex
	t  time.Time
}

// NewFake starts a Fake at t.
func NewFake(t time.Time) *Fake { return &Fake{t: t} }

// Now tells the fake time.
func (f *Fake) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.t
}

// Advance moves the fake time on by d.
func (f *Fake) Advance(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.t = f.t.Add(d)
}

// Set moves the fake time to t.
func (f *Fake) Set(t time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.t = t
}

// Shanghai is the default zone of a brand: UTC+8 without daylight saving, so no zone database is needed.
func Shanghai() *time.Location { return shanghai }

var shanghai = time.FixedZone("Asia/Shanghai", 8*3600)
