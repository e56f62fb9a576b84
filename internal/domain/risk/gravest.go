package risk

import "slices"

// maxFindings is how many findings of one verdict are sent and kept: a reader looks at no more, and a hostile text of
// nothing but hits must not fill the store.
const maxFindings = 200

// gravest gives the weightiest findings, in their order, and how many more there were.
func gravest(list []Finding) (kept []Finding, more int) {
	if len(list) <= maxFindings {
		return list, 0
	}
	room, keep := maxFindings, make([]bool, len(list))
	severities := Severities()
	slices.Reverse(severities)
	for _, severity := range severities {
		for i := range list {
			if room > 0 && list[i].Severity == severity {
				keep[i] = true
				room--
			}
		}
	}
	kept = make([]Finding, 0, maxFindings)
	for i := range list {
		if keep[i] {
			kept = append(kept, list[i])
		}
	}
	return kept, len(list) - len(kept)
}
