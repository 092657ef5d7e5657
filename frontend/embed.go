// Package frontend carries the built web app inside the binary.
package frontend

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Files returns the built app, index.html at its root. Before `npm run build`
// it holds only .gitkeep, so that the Go code compiles in a fresh clone.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // "dist" is a constant, valid path
	}
	return files
}
