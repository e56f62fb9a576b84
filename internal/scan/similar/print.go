package similar

import (
	"math/bits"

	"kosmos/internal/scan"
)

const (
	registers = 128
	perWord   = 8 // registers of 8 bits in a word
)

// Print is the fingerprint of a text. The zero value is that of a text without characters, which resembles nothing. Prints
// may be kept: the same text always gives the same one, as long as Version is the same.
type Print [registers / perWord]uint64

// Version changes when Of gives other prints for the same texts.
const Version = 1

// Of gives the fingerprint of a text.
func Of(text string) Print {
	pairs := pairsOf(scan.Fold(text))
	if len(pairs) == 0 {
		return Print{}
	}
	var least [registers]uint64 // round in the upper bits, hash below: an earlier round is always less
	for i := range least {
		least[i] = 1<<64 - 1
	}
	empty := registers
	for round := uint64(0); empty > 0 && round < registers; round++ {
		for _, p := range pairs {
			h := mix(p + round*0x9E3779B97F4A7C15)
			at, v := h>>57, round<<56|h&(1<<56-1)
			if v < least[at] {
				if least[at] == 1<<64-1 {
					empty--
				}
				least[at] = v
			}
		}
	}
	for at := range least {
		if least[at] != 1<<64-1 {
			continue
		}
		for _, p := range pairs {
			least[at] = min(least[at], mix(p+uint64(registers+at)*0x9E3779B97F4A7C15)>>8)
		}
	}
	var out Print
	for i, v := range least {
		out[i/perWord] |= mix(v) >> 56 << (i % perWord * 8)
	}
	return out
}

// pairsOf gives the different pairs of neighbouring characters; a text of one character is one pair.
func pairsOf(folded string) []uint64 {
	out := make([]uint64, 0, len(folded)/3+1)
	seen := make(map[uint64]struct{}, len(folded)/3+1)
	last, n := rune(0), 0
	for _, r := range folded {
		if n++; n > 1 {
			p := uint64(last)<<32 | uint64(r)
			if _, ok := seen[p]; !ok {
				seen[p] = struct{}{}
				out = append(out, p)
			}
		}
		last = r
	}
	if n == 1 {
		out = append(out, uint64(last))
	}
	return out
}

// mix is the finaliser of SplitMix64 (Steele, Lea, Flood 2014).
func mix(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xBF58476D1CE4E5B9
	x ^= x >> 27
	x *= 0x94D049BB133111EB
	return x ^ x>>31
}

// Score estimates the resemblance of two texts by their prints, 0 to 1.
func (p *Print) Score(o *Print) float64 {
	if *p == (Print{}) || *o == (Print{}) {
		return 0
	}
	return score(p.agree(o))
}

// agree counts the registers that are alike.
func (p *Print) agree(o *Print) int {
	const low = 0x7F7F7F7F7F7F7F7F
	n := 0
	for i := range p {
		x := p[i] ^ o[i]
		n += bits.OnesCount64(^((x&low + low) | x | low)) // one bit for each byte that is 0
	}
	return n
}

func score(agree int) float64 {
	const chance = 1.0 / 256
	return max(0, (float64(agree)/registers-chance)/(1-chance))
}

// bits1 takes one bit of every register.
func (p *Print) bits1() (out sketch) {
	for i, w := range p {
		w &= 0x0101010101010101
		out[i/perWord] |= w * 0x0102040810204080 >> 56 << (i % perWord * 8)
	}
	return out
}
