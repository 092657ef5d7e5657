package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// installPackages brings node_modules in line with the lock file. It does nothing when npm last wrote it from this very lock.
func installPackages(ctx context.Context, top string, w io.Writer) error {
	if _, err := exec.LookPath("npm"); err != nil {
		return errors.New("npm is missing: install Node.js 20.19 or newer, then try again")
	}
	dir := frontend(top)
	lock, err := os.Stat(filepath.Join(dir, "package-lock.json"))
	if err != nil {
		return err
	}
	done, err := os.Stat(filepath.Join(dir, "node_modules", ".package-lock.json"))
	if err == nil && !done.ModTime().Before(lock.ModTime()) {
		return nil
	}
	// A NODE_ENV of "production" would leave out the compilers.
	return command{dir: dir, args: []string{"npm", "ci", "--include=dev", "--no-audit", "--no-fund"}}.run(ctx, w)
}

// installDebian installs packages with apt-get, as root or through sudo.
func installDebian(ctx context.Context, w io.Writer, packages ...string) error {
	apt, err := exec.LookPath("apt-get")
	if err != nil {
		return fmt.Errorf("apt-get is missing: install %v by hand", packages)
	}
	as := []string{apt}
	if os.Geteuid() != 0 {
		as = []string{"sudo", "-n", "DEBIAN_FRONTEND=noninteractive", apt}
	}
	env := []string{"DEBIAN_FRONTEND=noninteractive"}
	update := command{env: env, args: append(as[:len(as):len(as)], "update")}
	if err := update.run(ctx, w); err != nil {
		return err
	}
	install := append(as[:len(as):len(as)], "install", "-y", "--no-install-recommends")
	return command{env: env, args: append(install, packages...)}.run(ctx, w)
}

// installCompiler makes sure of the C compiler that the race detector links with.
func installCompiler(ctx context.Context, w io.Writer) error {
	for _, name := range []string{"gcc", "cc", "clang"} {
		if _, err := exec.LookPath(name); err == nil {
			return nil
		}
	}
	return installDebian(ctx, w, "gcc", "libc6-dev")
}

// shell is Chromium without windows, which renders the same pages with a third less work.
const shell = "chromium-headless-shell"

// chromium finds a browser for the end-to-end tests, or "".
func chromium() string {
	for _, name := range []string{os.Getenv("CHROMIUM"), shell, "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			return path
		}
	}
	return ""
}

// installBrowser makes sure of a browser, and of one font to draw letters with. Where there is no shell to be had a whole
// one will do.
func installBrowser(ctx context.Context, w io.Writer) error {
	if _, err := exec.LookPath(cmp.Or(os.Getenv("CHROMIUM"), shell)); err == nil {
		return nil
	}
	const font = "fonts-dejavu-core"
	err := installDebian(ctx, w, shell, font)
	if chromium() == "" {
		err = installDebian(ctx, w, "chromium", font)
	}
	if chromium() == "" {
		return errors.Join(err, errors.New("no chromium: set CHROMIUM to the path of one"))
	}
	return nil
}
