package pgserver

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

func TestStartStop(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	url, stop, err := Start(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stop() })
	c, err := pgx.Connect(ctx, url+"/postgres")
	if err != nil {
		t.Fatal(err)
	}
	var fsync, encoding string
	if err := c.QueryRow(ctx, "SELECT current_setting('fsync'), current_setting('server_encoding')").Scan(&fsync, &encoding); err != nil || fsync != "off" || encoding != "UTF8" {
		t.Errorf("%s %s %v", fsync, encoding, err)
	}
	_ = c.Close(ctx)
	dirs, _ := filepath.Glob(filepath.Join(base(), prefix+strconv.Itoa(os.Getpid())+"-*"))
	if len(dirs) != 1 {
		t.Errorf("directories: %v", dirs)
	}
	for range 2 {
		if err := stop(); err != nil {
			t.Error(err)
		}
	}
	if c, err := pgx.Connect(ctx, url+"/postgres"); err == nil {
		_ = c.Close(ctx)
		t.Error("the server still runs")
	}
	if _, err := os.Stat(dirs[0]); !os.IsNotExist(err) {
		t.Error("files were left")
	}
}

// TestDiesWithParent kills a process that started a server and waits until the
// server is gone too.
func TestDiesWithParent(t *testing.T) {
	t.Parallel()
	if os.Getenv("KOSMOS_TEST_HOLD") != "" {
		url, _, err := Start(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		_, _ = os.Stdout.WriteString("url=" + url + "\n")
		select {}
	}
	c := exec.Command(os.Args[0], "-test.run", "^TestDiesWithParent$")
	c.Env = append(os.Environ(), "KOSMOS_TEST_HOLD=1")
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 200)
	n, err := out.Read(buf)
	_ = c.Process.Kill()
	_ = c.Wait()
	url, ok := strings.CutPrefix(strings.TrimSpace(string(buf[:n])), "url=")
	if err != nil || !ok {
		t.Fatalf("%q %v", buf[:n], err)
	}
	for deadline := time.Now().Add(20 * time.Second); ; {
		conn, err := pgx.Connect(context.Background(), url+"/postgres?connect_timeout=2")
		if err != nil {
			return
		}
		_ = conn.Close(context.Background())
		if time.Now().After(deadline) {
			t.Fatal("the server outlived its parent")
		}
	}
}

func TestSweep(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	dead, mine, other := filepath.Join(dir, prefix+"999999999-a"), filepath.Join(dir, prefix+strconv.Itoa(os.Getpid())+"-b"), filepath.Join(dir, "else-999999999-c")
	for _, d := range []string{dead, mine, other} {
		if err := os.Mkdir(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	sweep(dir)
	for d, want := range map[string]bool{dead: false, mine: true, other: true} {
		if _, err := os.Stat(d); (err == nil) != want {
			t.Errorf("%s: %v", d, err)
		}
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	if version("/usr/lib/postgresql/15/bin") != 15 || version("/usr/lib/postgresql/9.6/bin") != 9 {
		t.Error("version")
	}
}
