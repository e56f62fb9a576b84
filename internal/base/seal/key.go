package seal

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// KeyFile is the name of the key file inside the data directory.
const KeyFile = "secret.key"

// Open returns the box of a data directory. env is the value of KOSMOS_KEY; when
// it is empty the keys are read from dataDir/secret.key, which is created with a
// fresh key on the first start. Two processes that start at the same time end up
// with the same key.
func Open(dataDir, env string) (*Box, error) {
	if strings.TrimSpace(env) != "" {
		b, err := parse(env)
		if err != nil {
			return nil, fmt.Errorf("KOSMOS_KEY: %w", err)
		}
		return b, nil
	}
	path := filepath.Join(dataDir, KeyFile)
	text, err := readKeyFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err = createKeyFile(dataDir, path); err == nil {
			text, err = readKeyFile(path)
		}
	}
	if err != nil {
		return nil, err
	}
	b, err := parse(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return b, nil
}

func readKeyFile(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	st, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if runtime.GOOS != "windows" && st.Mode().Perm()&0o007 != 0 {
		return nil, fmt.Errorf("%s can be read by every user of this machine; run: chmod 600 %s", path, path)
	}
	return text, nil
}

// createKeyFile writes a complete file beside the target and links it into place:
// link refuses to replace, so the first of several processes wins and nobody ever
// reads half a key.
func createKeyFile(dir, path string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	key := make([]byte, keySize)
	if _, err := rand.Read(key); err != nil {
		return fmt.Errorf("seal: random: %w", err)
	}
	f, err := os.CreateTemp(dir, ".secret-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }()
	_, err = f.WriteString("# Master key of this Kosmos store. Keep a copy apart from the backups; without it\n" +
		"# phones and stored files cannot be opened. New keys go first, old ones stay below.\n" +
		base64.StdEncoding.EncodeToString(key) + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err = os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("seal: this file system cannot hold the key file, set KOSMOS_KEY instead: %w", err)
	}
	return syncDir(dir)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if runtime.GOOS == "windows" {
		err = nil // directories cannot be synced there
	}
	return errors.Join(err, d.Close())
}

// parse reads keys separated by commas or line ends; # starts a comment line.
func parse(text string) (*Box, error) {
	var keys [][]byte
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		for part := range strings.SplitSeq(line, ",") {
			k, err := decodeKey(strings.TrimSpace(part))
			if err != nil {
				return nil, err
			}
			keys = append(keys, k)
		}
	}
	return New(keys...)
}

func decodeKey(s string) ([]byte, error) {
	k, err := hex.DecodeString(s)
	if err != nil || len(k) != keySize {
		s = strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(s, "="))
		k, err = base64.RawStdEncoding.DecodeString(s)
	}
	if err != nil || len(k) != keySize || bytes.Equal(k, make([]byte, keySize)) {
		return nil, ErrKey
	}
	return k, nil
}
