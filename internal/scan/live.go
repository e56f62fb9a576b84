package scan

import "sync/atomic"

// Live holds the matcher in force and lets it be changed while scans run: each scan keeps the matcher it began with.
// The zero value holds none.
type Live struct{ m atomic.Pointer[Matcher] }

// Load gives the matcher in force, or nil.
func (l *Live) Load() *Matcher { return l.m.Load() }

// Swap puts a matcher in force.
func (l *Live) Swap(m *Matcher) { l.m.Store(m) }
