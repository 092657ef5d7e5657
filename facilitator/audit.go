package facilitator

import "slices"

// audited are the commands, besides those of keepers, that an organisation must be able to answer for: what is done to
// people and to the room. What anybody says, and who needed support, is not among them.
var audited = []string{"lead.give", "lead.order", "lead.take", "role.give", "session.close", "session.keep"}

// unaudited are commands of keepers about one person's need or word.
var unaudited = []string{"support.take", "support.close", "report.close", "hold.open", "hold.drop"}

// Audited is the name a command has in an audit trail, if it belongs in one.
func Audited(c Command) (action string, ok bool) {
	o, known := orderOf(c)
	keeps := o.who == forKeepers && !slices.Contains(unaudited, o.name)
	return o.name, known && (keeps || slices.Contains(audited, o.name))
}
