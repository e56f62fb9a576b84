package authz

import (
	"fmt"
	"slices"
)

// Permission is one right, declared by the room that guards it: Key "<room>.<verb>", Roles that hold it (brand_admin
// holds every permission and need not be listed).
type Permission struct {
	Key   string
	Roles []Role
	// Self marks a right that is about the caller's own data: every role holds it.
	Self bool
}

// Set is the program's whole table of permissions.
type Set struct {
	roles map[string][]Role
}

// NewSet builds the table; a key declared twice or an unknown role is a programming error reported here.
func NewSet(perms ...Permission) (*Set, error) {
	s := &Set{roles: make(map[string][]Role, len(perms))}
	for _, p := range perms {
		if _, twice := s.roles[p.Key]; twice {
			return nil, fmt.Errorf("authz: permission %q is declared twice", p.Key)
		}
		roles := p.Roles
		if p.Self {
			roles = Roles()
		}
		for _, r := range roles {
			if !r.Valid() {
				return nil, fmt.Errorf("authz: permission %q names the unknown role %q", p.Key, r)
			}
		}
		s.roles[p.Key] = append(slices.Clone(roles), BrandAdmin)
	}
	return s, nil
}

// Has tells whether the permission is declared.
func (s *Set) Has(key string) bool {
	_, ok := s.roles[key]
	return ok
}

// Allows tells whether the role holds the permission somewhere.
func (s *Set) Allows(r Role, key string) bool { return s.allows(r, key) }

// Keys lists every declared permission in order.
func (s *Set) Keys() []string {
	keys := make([]string, 0, len(s.roles))
	for k := range s.roles {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func (s *Set) allows(r Role, key string) bool {
	return s != nil && slices.Contains(s.roles[key], r)
}

// Only gives the table cut to the keys that keep wants: what a caller with limited scopes may use.
func (s *Set) Only(keep func(key string) bool) *Set {
	out := &Set{roles: make(map[string][]Role, len(s.roles))}
	for k, roles := range s.roles {
		if keep(k) {
			out.roles[k] = roles
		}
	}
	return out
}
