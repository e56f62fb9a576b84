package similar_test

import (
	"fmt"

	"kosmos/internal/scan/similar"
)

func Example() {
	x := similar.NewIndex()
	x.Add(17, "新店开业，全场五折")
	x.Add(18, "今天试驾了一台新车，空间很大")
	for _, m := range x.Search("新店开业！全场5折🎉", 0.7, 10) {
		fmt.Println(m.ID, m.Score)
	}
	// Output: 17 1
}
