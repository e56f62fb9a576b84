//go:build !unix

package match

import "time"

// busy is not known here; the clock has to do.
func busy() time.Duration { return time.Duration(time.Now().UnixNano()) }
