package pgserver

import (
	"errors"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
)

// ErrMissing means that no PostgreSQL server is installed.
var ErrMissing = errors.New("no PostgreSQL server found: run scripts/need postgresql, or set KOSMOS_PG_BIN to the directory of initdb and postgres")

// binDir looks where systems keep the server. Wrappers of the same names on the
// PATH are looked at last, and through their links.
func binDir() (string, error) {
	if dir := os.Getenv("KOSMOS_PG_BIN"); dir != "" {
		return dir, nil
	}
	var dirs []string
	for _, glob := range []string{
		"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin", "/usr/libexec/postgresql*",
	} {
		found, _ := filepath.Glob(glob)
		slices.SortFunc(found, func(a, b string) int { return version(b) - version(a) })
		dirs = append(dirs, found...)
	}
	for _, name := range []string{"postgres", "initdb"} {
		if p, err := exec.LookPath(name); err == nil {
			if p, err = filepath.EvalSymlinks(p); err == nil {
				dirs = append(dirs, filepath.Dir(p))
			}
		}
	}
	for _, d := range dirs {
		if isFile(filepath.Join(d, "postgres")) && isFile(filepath.Join(d, "initdb")) {
			return d, nil
		}
	}
	return "", ErrMissing
}

func isFile(p string) bool {
	st, err := os.Stat(p)
	return err == nil && st.Mode().IsRegular()
}

// version is the first number of a path, so that 15 comes before 9.6.
func version(p string) int {
	n := 0
	for i := 0; i < len(p); i++ {
		if c := p[i]; c >= '0' && c <= '9' {
			n = n*10 + int(c-'0')
		} else if n > 0 {
			break
		}
	}
	return n
}

// credential is the user for the server's processes: PostgreSQL refuses to run as
// root. Nil means: as we are.
func credential() *syscall.Credential {
	if os.Geteuid() != 0 {
		return nil
	}
	const nobody = 65534
	c := &syscall.Credential{Uid: nobody, Gid: nobody}
	u, err := user.Lookup("postgres")
	if err != nil {
		return c
	}
	uid, errU := strconv.ParseUint(u.Uid, 10, 32)
	gid, errG := strconv.ParseUint(u.Gid, 10, 32)
	if errU == nil && errG == nil {
		c.Uid, c.Gid = uint32(uid), uint32(gid)
	}
	return c
}
