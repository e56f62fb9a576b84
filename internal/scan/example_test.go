package scan_test

import (
	"errors"
	"fmt"

	"kosmos/internal/scan"
)

func Example() {
	m, err := scan.Compile([]scan.Rule{
		{ID: "ad.first", Kind: scan.Literal, Terms: []string{"第一"}, Except: []string{"第一次"}},
		{ID: "im.wechat", Kind: scan.Set, Terms: []string{"加微信", "加我微信"}, Fold: scan.Soundalike | scan.Initials},
		{ID: "im.mobile", Kind: scan.Pattern, Pattern: "mobile"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	text := "第一次来？销量第①！加·薇·信 一三八零零一三八零零零"
	for _, h := range m.Scan(text, scan.Context{}, nil) {
		fmt.Printf("%s at %d: %s\n", m.Rules()[h.Rule].ID, h.RuneStart, text[h.Start:h.End])
	}
	// Output:
	// ad.first at 7: 第①
	// im.wechat at 10: 加·薇·信
	// im.mobile at 16: 一三八零零一三八零零零
}

// A rule may be kept to a platform and to days; what the context leaves open does not exclude it.
func ExampleMatcher_Scan() {
	m, err := scan.Compile([]scan.Rule{
		{ID: "a", Kind: scan.Literal, Terms: []string{"最低价"}, Platforms: []string{"douyin"}, From: 20261201},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	var hits []scan.Hit
	for _, c := range []scan.Context{{}, {Platform: "douyin", Day: 20261201}, {Platform: "douyin", Day: 20261130}, {Platform: "weibo"}} {
		hits = m.Scan("全网最低价", c, hits[:0]) // the slice is used again
		fmt.Println(len(hits))
	}
	// Output:
	// 1
	// 1
	// 0
	// 0
}

// The error of Compile names every faulty rule.
func ExampleCompile() {
	_, err := scan.Compile([]scan.Rule{
		{ID: "empty", Kind: scan.Literal, Terms: []string{"！！"}},
		{ID: "odd", Kind: scan.Pattern, Pattern: "fax"},
	})
	var faults scan.Faults
	if errors.As(err, &faults) {
		for _, f := range faults {
			fmt.Println(f.Rule + ": " + f.Reason)
		}
	}
	// Output:
	// empty: term "！！" has no character to look for
	// odd: pattern "fax" is none of mobile, landline, qq, wechat, url, taokouling, price
}

func ExampleFold() {
	fmt.Println(scan.Fold("國家級 Ｔｏｐ①，真的！！"))
	// Output: 国家级top1真的
}

// Rules change without a pause: a scan under way ends with the matcher it began with.
func ExampleLive() {
	var live scan.Live
	for _, term := range []string{"最佳", "最好"} {
		m, err := scan.Compile([]scan.Rule{{ID: "best", Kind: scan.Literal, Terms: []string{term}}})
		if err != nil {
			fmt.Println(err)
			return
		}
		live.Swap(m)
		fmt.Println(len(live.Load().Scan("最好的车", scan.Context{}, nil)))
	}
	// Output:
	// 0
	// 1
}
