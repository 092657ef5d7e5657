package main

import (
	"os"

	"mend/facilitator"
)

// schema is "mend schema": what editors of YAML need to help an author while they write.
type schema struct {
	Out string `type:"path" placeholder:"FILE" help:"Write it to a file instead."`
}

func (f *schema) Run(out *output) error {
	if f.Out == "" {
		_, err := out.stdout.Write(facilitator.ProgrammeSchema())
		return err
	}
	if err := os.WriteFile(f.Out, facilitator.ProgrammeSchema(), 0o644); err != nil {
		return fail("schema", err)
	}
	return nil
}
