package variant

import "math/bits"

// Order is a store's own order of the choices of a template: a full cycle through all of them.
type Order struct {
	count, first, step uint64
}

// NewOrder makes the order of count choices for a seed. The same seed gives the same order, in every version of the
// program: texts that were handed out can be written again.
func NewOrder(count, seed uint64) Order {
	o := Order{count: max(1, count)}
	o.first = mix(seed) % o.count
	// Near the golden section neighbours in the order lie far apart, in the high places of the number as in the low ones.
	hi, _ := bits.Mul64(o.count, 0x9E3779B97F4A7C15)
	o.step = hi + mix(seed+1)%(o.count/16+1)
	for o.step = max(1, o.step%o.count); gcd(o.step, o.count) != 1; {
		o.step++
	}
	return o
}

// At gives the n-th choice; after all of them the order begins again.
func (o Order) At(n uint64) uint64 {
	hi, lo := bits.Mul64(n%o.count, o.step)
	_, rest := bits.Div64(hi%o.count, lo, o.count)
	return (rest + o.first) % o.count
}

// Seed folds ids into a seed.
func Seed(ids ...int64) uint64 {
	s := uint64(0x6B6F736D6F73) // a word of our own
	for _, x := range ids {
		s = mix(s ^ uint64(x))
	}
	return s
}

func gcd(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// mix is the finaliser of SplitMix64 (Steele, Lea, Flood 2014).
func mix(x uint64) uint64 {
	x += 0x9E3779B97F4A7C15
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}
