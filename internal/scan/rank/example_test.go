package rank_test

import (
	"bytes"
	"fmt"

	"kosmos/internal/scan/rank"
)

// A model is learned from judged rows, kept in a file, and read back where texts are judged.
func Example() {
	var rows []rank.Example
	for i := range 20 {
		rows = append(rows,
			rank.Example{Text: fmt.Sprintf("出售账号%d元，加我微信", 10+i), Label: "ad"},
			rank.Example{Text: fmt.Sprintf("今天走了%d千步，有点累", 3+i)},
		)
	}
	m, err := rank.Train(rows, rank.Options{Bits: 12}, 20261122, []string{"example"})
	if err != nil {
		fmt.Println(err)
		return
	}
	var file bytes.Buffer
	if err := m.Write(&file); err != nil {
		fmt.Println(err)
		return
	}
	back, err := rank.Read(&file)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, text := range []string{"出售账号，加我", "今天有点累"} {
		for _, s := range back.Score(text) {
			fmt.Println(text, s.Label, s.Over)
		}
	}
	// Output:
	// 出售账号，加我 ad true
	// 今天有点累 ad false
}
