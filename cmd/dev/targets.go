package main

import (
	"context"
	"strings"
)

// target is one test function of a package, found by its prefix.
type target struct{ pkg, name string }

// targets lists the functions whose names begin with prefix ("Benchmark", "Fuzz") in all our packages.
func targets(ctx context.Context, top, prefix string) ([]target, error) {
	pkgs, err := command{dir: top, args: []string{"go", "list", "./..."}}.lines(ctx)
	if err != nil {
		return nil, err
	}
	module, err := command{dir: top, args: []string{"go", "list", "-m"}}.lines(ctx)
	if err != nil {
		return nil, err
	}
	var found []target
	for _, pkg := range pkgs {
		lines, err := command{dir: top, args: []string{"go", "test", "-list", "^" + prefix, pkg}}.lines(ctx)
		if err != nil {
			return nil, err
		}
		for _, line := range lines {
			if strings.HasPrefix(line, prefix) {
				found = append(found, target{"." + strings.TrimPrefix(pkg, module[0]), line})
			}
		}
	}
	return found, nil
}
