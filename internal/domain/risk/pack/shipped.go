package pack

import (
	"bytes"
	"embed"
	"errors"
	"io/fs"
	"path"

	"kosmos/internal/scan/rank"
)

//go:embed packs/*.yaml
var files embed.FS

//go:embed model/shipped.rank
var model []byte

// Shipped returns the packs inside the binary, in order of name.
func Shipped() ([]Pack, error) {
	names, err := fs.Glob(files, "packs/*.yaml")
	if err != nil {
		return nil, err
	}
	var out []Pack
	var faults []error
	for _, name := range names {
		data, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		p, err := Parse(path.Base(name), data)
		if err != nil {
			faults = append(faults, err)
		}
		out = append(out, p)
	}
	return out, errors.Join(faults...)
}

// ShippedModel returns the ranker inside the binary, trained on rows that may ship (docs/risk-quality.md).
func ShippedModel() (*rank.Model, error) { return rank.Read(bytes.NewReader(model)) }
