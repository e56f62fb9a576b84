package pack

import (
	"slices"
	"strings"
)

// Industries are the trades a rule may be kept to and a brand may be of; shipped packs, brands' own rules and the command
// line know no others.
func Industries() []string {
	return []string{"automotive", "beauty", "infant", "insurance", "finance", "property", "education", "medical", "food", "retail", "other"}
}

// IndustryOf finds the industry that a word stands for, in Chinese or English; "" when it stands for none.
func IndustryOf(word string) string {
	word = strings.ToLower(strings.TrimSpace(word))
	if slices.Contains(Industries(), word) {
		return word
	}
	for name, words := range industryWords() {
		if slices.Contains(strings.Fields(words), word) {
			return name
		}
	}
	return ""
}

// industryWords are other words for an industry.
func industryWords() map[string]string {
	return map[string]string{
		"automotive": "汽车 车 汽车行业 新能源车 auto car cars vehicle", "beauty": "美妆 美容 化妆品 护肤 医美 美妆个护 cosmetics cosmetic skincare",
		"infant": "母婴 婴童 孕婴童 育儿 baby maternity mother", "insurance": "保险 insurer", "finance": "金融 理财 投资 银行 证券 基金 bank banking investment",
		"property": "房产 房地产 地产 楼盘 家居 房产家居 realestate real-estate real_estate estate housing", "education": "教育 培训 教培 training school",
		"medical": "医疗 医药 健康 保健 医院 医疗健康 health healthcare pharmacy medicine", "food": "食品 餐饮 饮料 catering restaurant", "retail": "零售 电商 服饰 服装 百货 fashion ecommerce",
		"other": "其他 其它",
	}
}
