package facilitator

import (
	"fmt"
	"slices"
	"strings"
)

const (
	mostMistakes = 100 // listed at once
	mostQuoted   = 400 // characters
)

// Mistake is one thing wrong in a file somebody wrote, and how to mend it. Line and Column count from 1, in characters.
type Mistake struct {
	File         string
	Line, Column int
	Path         string // of the value, such as “steps[2].say.es”; empty where only the place is known
	What         string
}

func (m Mistake) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", m.File, m.Line, m.Column, m.What)
}

// Mistakes is everything found wrong in one file, from its top to its bottom; its words are one line for each.
type Mistakes []Mistake

func (m Mistakes) Error() string {
	lines := make([]string, len(m))
	for i, mistake := range m {
		lines[i] = mistake.Error()
	}
	return strings.Join(lines, "\n")
}

// wrong notes a mistake at the value of path or, where nothing is written for it, at the nearest value around it. What
// follows from an earlier mistake at path or around it is not noted: a value that could not be read is not also missing.
func (m *manuscript) wrong(path, what string, args ...any) {
	if m.isWrong(path) {
		return
	}
	m.bad[path] = true
	at, known := m.places[path]
	for around := path; !known; at, known = m.places[around] {
		around = outside(around)
	}
	m.wrongAt(at, what, args...)
	m.mistakes[len(m.mistakes)-1].Path = path
}

func (m *manuscript) isWrong(path string) bool {
	for ; path != ""; path = outside(path) {
		if m.bad[path] {
			return true
		}
	}
	return m.bad[""]
}

// wrongIn notes what the check of the script at path found, at the key of the script that the words begin with.
func (m *manuscript) wrongIn(path string, err error) {
	if err == nil {
		return
	}
	key, _, _ := strings.Cut(err.Error(), " ")
	if at := below(path, key); m.places[at] != (place{}) || m.bad[at] {
		path = at
	}
	m.wrong(path, "%v", err)
}

// wrongAt says no more than the beginning of what is quoted: a line is to be read.
func (m *manuscript) wrongAt(at place, what string, args ...any) {
	for i, arg := range args {
		if words, ok := arg.(string); ok && len([]rune(words)) > mostQuoted {
			args[i] = string([]rune(words)[:mostQuoted]) + "…"
		}
	}
	m.mistakes = append(m.mistakes, Mistake{File: m.file, Line: at.line, Column: at.column, What: fmt.Sprintf(what, args...)})
}

// err is nil, or all Mistakes in the order of the file.
func (m *manuscript) err() error {
	if len(m.mistakes) == 0 {
		return nil
	}
	slices.SortStableFunc(m.mistakes, func(a, b Mistake) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	if found := len(m.mistakes); found > mostMistakes {
		last := m.mistakes[mostMistakes]
		last.What = fmt.Sprintf("from here on there are %d more; mend those above first", found-mostMistakes)
		m.mistakes = append(m.mistakes[:mostMistakes], last)
	}
	return m.mistakes
}
