//go:build !unix

package app

import "errors"

// freeBytes cannot tell here.
func freeBytes(string) (uint64, error) {
	return 0, errors.New("the free space cannot be read on this system")
}
