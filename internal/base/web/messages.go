package web

import (
	"embed"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"kosmos/internal/base/i18n"
)

//go:embed i18n/*.json
var texts embed.FS

// Messages are the texts of the slugs "base.…", of this and the other base packages.
func Messages() i18n.Source { return i18n.Source{Room: "base", FS: texts} }

// useSlugs replaces the validation library's English sentences by "slug|parameter" and makes arrays not nullable. These
// templates are the library's globals and the one exception to "no mutable globals": set once, before any schema.
var useSlugs = sync.OnceFunc(func() {
	huma.DefaultArrayNullable = false
	for msg, slug := range map[*string]string{
		&validation.MsgUnexpectedProperty:                 "base.unknown_field",
		&validation.MsgExpectedRFC3339DateTime:            "base.bad_time",
		&validation.MsgExpectedRFC1123DateTime:            "base.bad_time",
		&validation.MsgExpectedRFC3339Date:                "base.bad_day",
		&validation.MsgExpectedRFC3339Time:                "base.bad_time",
		&validation.MsgExpectedRFC5322Email:               "base.bad_email|%v",
		&validation.MsgExpectedRFC5890Hostname:            "base.bad_format",
		&validation.MsgExpectedRFC2673IPv4:                "base.bad_format",
		&validation.MsgExpectedRFC2373IPv6:                "base.bad_format",
		&validation.MsgExpectedRFCIPAddr:                  "base.bad_format",
		&validation.MsgExpectedRFC3986URI:                 "base.bad_url|%v",
		&validation.MsgExpectedRFC4122UUID:                "base.bad_format|%v",
		&validation.MsgExpectedRFC6570URITemplate:         "base.bad_format",
		&validation.MsgExpectedRFC6901JSONPointer:         "base.bad_format",
		&validation.MsgExpectedRFC6901RelativeJSONPointer: "base.bad_format",
		&validation.MsgExpectedRegexp:                     "base.bad_format|%v",
		&validation.MsgExpectedMatchAtLeastOneSchema:      "base.bad_format",
		&validation.MsgExpectedMatchExactlyOneSchema:      "base.bad_format",
		&validation.MsgExpectedNotMatchSchema:             "base.bad_format",
		&validation.MsgExpectedPropertyNameInObject:       "base.bad_format",
		&validation.MsgExpectedBoolean:                    "base.not_boolean",
		&validation.MsgExpectedDuration:                   "base.bad_format|%v",
		&validation.MsgExpectedNumber:                     "base.not_number",
		&validation.MsgExpectedInteger:                    "base.not_integer",
		&validation.MsgExpectedString:                     "base.not_string",
		&validation.MsgExpectedBase64String:               "base.bad_format",
		&validation.MsgExpectedArray:                      "base.not_list",
		&validation.MsgExpectedObject:                     "base.not_object",
		&validation.MsgExpectedArrayItemsUnique:           "base.not_unique",
		&validation.MsgExpectedOneOf:                      "base.not_one_of|%s",
		&validation.MsgExpectedMinimumNumber:              "base.too_small|%v",
		&validation.MsgExpectedExclusiveMinimumNumber:     "base.not_above|%v",
		&validation.MsgExpectedMaximumNumber:              "base.too_large|%v",
		&validation.MsgExpectedExclusiveMaximumNumber:     "base.not_below|%v",
		&validation.MsgExpectedNumberBeMultipleOf:         "base.not_multiple|%v",
		&validation.MsgExpectedMinLength:                  "base.too_short|%d",
		&validation.MsgExpectedMaxLength:                  "base.too_long|%d",
		&validation.MsgExpectedBePattern:                  "base.bad_format|%s",
		&validation.MsgExpectedMatchPattern:               "base.bad_format|%s",
		&validation.MsgExpectedMinItems:                   "base.too_few|%d",
		&validation.MsgExpectedMaxItems:                   "base.too_many|%d",
		&validation.MsgExpectedMinProperties:              "base.too_few|%d",
		&validation.MsgExpectedMaxProperties:              "base.too_many|%d",
		&validation.MsgExpectedRequiredProperty:           requiredSlug + "|%s",
		&validation.MsgExpectedDependentRequiredProperty:  requiredSlug + "|%s %s",
	} {
		*msg = slug
	}
})

const requiredSlug = "base.required"

// showsLimit tells whether the text of a slug shows the bound that was missed as {limit}.
func showsLimit(slug string) bool {
	switch slug {
	case "base.too_small", "base.not_above", "base.too_large", "base.not_below", "base.not_multiple",
		"base.too_short", "base.too_long", "base.too_few", "base.too_many":
		return true
	}
	return false
}

// fault turns a validation message "slug|parameter" at a location "body.a.b" into path, slug and parameters.
func fault(d *huma.ErrorDetail) (path, slug string, params map[string]any) {
	slug, arg, _ := strings.Cut(d.Message, "|")
	path = strings.TrimPrefix(strings.TrimPrefix(d.Location, "body"), ".")
	switch {
	case slug == requiredSlug:
		name, _, _ := strings.Cut(arg, " ")
		path = strings.TrimPrefix(path+"."+name, ".")
	case slug == "base.not_one_of":
		params = map[string]any{"allowed": strings.Trim(arg, `"`)}
	case showsLimit(slug):
		params = map[string]any{"limit": arg}
	case slug == "base.bad_format" && arg == "id":
		slug = "base.bad_id"
	}
	return path, slug, params
}
