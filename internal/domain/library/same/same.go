package same

import (
	"cmp"
	"slices"

	"kosmos/internal/scan/similar"
)

// Planned is a text that is about to be published, or was handed in.
type Planned struct {
	ID   int64
	Text string
}

// Cluster is a set of texts that hang together by scores above the threshold: each is too much like another one of it.
type Cluster struct {
	IDs   []int64 // in order
	Best  int64   // the one that most others are like; the smallest id among equals
	Score float64 // the highest score found in it
}

// Report is what the guard says of a set.
type Report struct {
	Texts    int
	Over     int       // texts in clusters
	Highest  float64   // the highest score found above the threshold; 0 when there is none
	Clusters []Cluster // the largest first
}

// Share is the part of the texts that are too much alike, 0 to 1.
func (r Report) Share() float64 {
	if r.Texts == 0 {
		return 0
	}
	return float64(r.Over) / float64(r.Texts)
}

// Check scores texts against each other: two whose score is above most are too much alike. Texts without characters do not
// count. The time grows with the number of texts and not with its square: candidates share one of 32 bands of their
// fingerprints, which finds a pair of score 0.6 in 98 of 100 cases and one of 0.7 practically always; thresholds below 0.5
// are not what it is made for.
func Check(texts []Planned, most float64) Report {
	c := checker{most: most, parent: make([]int32, len(texts)), score: make([]float64, len(texts)), links: make([]int32, len(texts))}
	c.prints = make([]similar.Print, len(texts))
	r := Report{}
	for i, t := range texts {
		c.parent[i] = int32(i)
		c.prints[i] = similar.Of(t.Text)
		if c.prints[i] != (similar.Print{}) {
			r.Texts++
		}
	}
	if most < 1 {
		c.bands()
	}
	c.report(texts, &r)
	return r
}

const (
	bandsPerWord = 2 // a band is 4 registers of 8 bits
	lookBack     = 6 // how many of a band's texts a new one is compared with
)

type checker struct {
	most   float64
	prints []similar.Print
	parent []int32
	score  []float64 // highest of each text
	links  []int32
}

// bands puts texts with an equal piece of the fingerprint together and compares each with the last few before it: copies of
// one text are joined through any of them.
func (c *checker) bands() {
	for word := range len(similar.Print{}) {
		for half := range bandsPerWord {
			last := make(map[uint32][]int32, len(c.prints))
			for i := range c.prints {
				if c.prints[i] == (similar.Print{}) {
					continue
				}
				key := uint32(c.prints[i][word] >> (32 * half))
				before := last[key]
				for _, j := range before {
					c.compare(int32(i), j)
				}
				if before = append(before, int32(i)); len(before) > lookBack {
					before = before[1:]
				}
				last[key] = before
			}
		}
	}
}

func (c *checker) compare(i, j int32) {
	a, b := c.root(i), c.root(j)
	s := c.prints[i].Score(&c.prints[j])
	if s <= c.most {
		return
	}
	c.score[i], c.score[j] = max(c.score[i], s), max(c.score[j], s)
	c.links[i]++
	c.links[j]++
	if a != b {
		c.parent[max(a, b)] = min(a, b)
	}
}

func (c *checker) root(i int32) int32 {
	for c.parent[i] != i {
		c.parent[i] = c.parent[c.parent[i]]
		i = c.parent[i]
	}
	return i
}

func (c *checker) report(texts []Planned, r *Report) {
	members := map[int32][]int32{}
	for i := range c.parent {
		if c.links[i] > 0 {
			root := c.root(int32(i))
			members[root] = append(members[root], int32(i))
		}
	}
	for _, list := range members {
		one, most := Cluster{IDs: make([]int64, len(list))}, int32(-1)
		for k, i := range list {
			one.IDs[k] = texts[i].ID
			one.Score = max(one.Score, c.score[i])
			if c.links[i] > most || c.links[i] == most && texts[i].ID < one.Best {
				one.Best, most = texts[i].ID, c.links[i]
			}
		}
		slices.Sort(one.IDs)
		r.Over += len(list)
		r.Highest = max(r.Highest, one.Score)
		r.Clusters = append(r.Clusters, one)
	}
	slices.SortFunc(r.Clusters, func(a, b Cluster) int {
		return cmp.Or(cmp.Compare(len(b.IDs), len(a.IDs)), cmp.Compare(a.IDs[0], b.IDs[0]))
	})
}
