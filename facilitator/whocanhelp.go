package facilitator

import (
	"fmt"
	"slices"
	"strings"
)

// WhoCanHelpScript shows the group the people near it who can help, of some topics. Who they are is the operator's to say:
// each device fetches them from the server, and no session holds them.
type WhoCanHelpScript struct {
	Words  Text    `json:"words" yaml:"words" about:"What stands above the people who can help."`
	Topics []Topic `json:"topics" yaml:"topics" schema:"min=1,enum=sponsor|counselling|mediation|legal|debt|meetings" about:"With what they can help, in this order."`
}

// Topic is what somebody can help with.
type Topic string

// Topics are all there are, in the order in which they are listed.
var Topics = []Topic{"sponsor", "counselling", "mediation", "legal", "debt", "meetings"}

func (sc WhoCanHelpScript) check() error {
	for i, topic := range sc.Topics {
		if !slices.Contains(Topics, topic) || slices.Contains(sc.Topics[:i], topic) {
			return fmt.Errorf("topics[%d] is written twice or not known; there are %s", i, topicNames())
		}
	}
	if len(sc.Topics) == 0 {
		return fmt.Errorf("topics needs at least one of %s", topicNames())
	}
	return nil
}

func topicNames() string {
	names := make([]string, len(Topics))
	for i, topic := range Topics {
		names[i] = string(topic)
	}
	return strings.Join(names, ", ")
}

var whoCanHelpKind = kind{
	name:   "whocanhelp",
	script: func() any { return new(WhoCanHelpScript) },
	begin:  beginWith(func(sc WhoCanHelpScript) exercise { return whoCanHelp{script: sc} }),
	views:  []any{WhoCanHelpView{}},
}

type whoCanHelp struct {
	plain
	script WhoCanHelpScript
}

func (x whoCanHelp) clone() exercise { return x }

// WhoCanHelpView is the same for everybody and the stage.
type WhoCanHelpView struct {
	Words  Text    `json:"words"`
	Topics []Topic `json:"topics"`
}

func (x whoCanHelp) everyone(*Session, StepID) any { return WhoCanHelpView(x.script) }
func (x whoCanHelp) stage(*Session, StepID) any    { return WhoCanHelpView(x.script) }
