package sheet

import "embed"

//go:embed i18n
var texts embed.FS

// Messages holds the texts of this package's slugs (i18n/zh.json, i18n/en.json).
func Messages() embed.FS { return texts }
