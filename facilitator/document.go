package facilitator

import (
	"maps"
	"slices"
	"strings"
)

// Everyone is the document that every person in the room reads.
type Everyone struct {
	Session SessionView             `json:"session"`
	Agenda  map[StepID]StepView     `json:"agenda"`
	People  map[PersonID]PersonView `json:"people"`
	Lead    PersonID                `json:"lead,omitempty"`
	Waiting bool                    `json:"waiting,omitempty"` // nobody who could lead is here
	Step    *PresentStep            `json:"step,omitempty"`    // absent while people arrive, while frozen, and when all is over
	Kept    []string                `json:"kept,omitempty"`    // when all is over: the shares the group agreed to keep
}

// SessionView is how the session stands, the same for everyone and the stage.
type SessionView struct {
	Programme string   `json:"programme"`
	Title     Text     `json:"title"`
	Room      Text     `json:"room"` // neutral words for tabs and history, which others may read
	Languages []string `json:"languages"`
	Opened    Time     `json:"opened"`
	Families  bool     `json:"families,omitempty"` // there are family seats
	Phase     string   `json:"phase"`              // arriving, running or over
	Paused    Time     `json:"paused,omitempty"`
	Frozen    bool     `json:"frozen,omitempty"`
	Keep      int      `json:"keep,omitempty"`    // days that what is said can be read after the end
	Forgets   Time     `json:"forgets,omitempty"` // when all is over: when it is gone
	Teaches   []Text   `json:"teaches,omitempty"` // when all is over: what a training taught, for a page of one's own
}

// PresentStep is the step the group is at. Exercise is its kind's own part.
type PresentStep struct {
	ID       StepID `json:"id"`
	Kind     string `json:"kind"`
	Title    Text   `json:"title"`
	Text     Text   `json:"text,omitempty"`
	Timer    *Timer `json:"timer,omitempty"`
	Next     string `json:"next,omitempty"` // the kind of the next step, to be fetched ahead
	Exercise any    `json:"exercise,omitempty"`
}

// ForLeaders is what the facilitator and the co-facilitators read besides, to lead the programme.
type ForLeaders struct {
	Code     string                    `json:"code"`
	StageKey string                    `json:"stageKey"`
	Heirs    []PersonID                `json:"heirs,omitempty"`     // who leads when whoever leads is gone, as the facilitator set it
	Words    Text                      `json:"words,omitempty"`     // to say aloud now
	NextSay  Text                      `json:"nextWords,omitempty"` // at the next step
	Spent    map[StepID]Millis         `json:"spent"`               // on steps left, without the present visit
	Entered  Time                      `json:"entered,omitempty"`   // when the present step was entered
	Until    Time                      `json:"until,omitempty"`     // when the session was to end, once it began
	Fitted   bool                      `json:"fitted,omitempty"`    // the last fit can be undone
	Feedback map[StepID]FeedbackResult `json:"feedback,omitempty"`  // when all is over
	Exercise any                       `json:"exercise,omitempty"`
}

// Keeping is what the keepers and those who lead read: what concerns people, nothing of an exercise.
type Keeping struct {
	Code    string                    `json:"code"`
	Door    DoorView                  `json:"door"`
	Newest  int                       `json:"newest,omitempty"` // while frozen: how many came shortly before
	Support map[SupportID]SupportView `json:"support"`
	Asked   int                       `json:"asked,omitempty"` // how many requests for support there were
	Hold    HoldView                  `json:"hold"`
	Reports map[ReportID]ReportView   `json:"reports"`
	Deeds   map[DeedID]DeedView       `json:"deeds"`           // to be undone within a minute
	Quiet   map[PersonID]bool         `json:"quiet,omitempty"` // asked to only listen
}

// StageView is what the projector shows: no names, nothing unreleased.
type StageView struct {
	Session SessionView         `json:"session"`
	Code    string              `json:"code"`
	Locked  bool                `json:"locked,omitempty"`
	Waiting bool                `json:"waiting,omitempty"`
	People  int                 `json:"people"` // how many are here
	Agenda  map[StepID]StepView `json:"agenda"`
	Step    *PresentStep        `json:"step,omitempty"`
}

// Own is a person's own document.
type Own struct {
	Person   PersonID          `json:"person"`
	Role     Role              `json:"role"`
	Away     bool              `json:"away,omitempty"`
	Door     *OwnDoor          `json:"door,omitempty"`  // before the door: nothing else is there then
	Quiet    bool              `json:"quiet,omitempty"` // asked to only listen
	Support  *OwnSupport       `json:"support,omitempty"`
	Held     map[HeldID]string `json:"held,omitempty"`     // one's own words that wait to be read by a keeper
	Reported map[string]bool   `json:"reported,omitempty"` // what one has reported: person/<id>, share/<id>, room/<id>/<n>
	Side     Side              `json:"side,omitempty"`     // what one has said, where there are family seats
	Across   bool              `json:"across,omitempty"`   // and that one would practise with the other side
	Words    *FamilyWords      `json:"words,omitempty"`    // of the present step, in place of its own
	Played   *RolePlayed       `json:"played,omitempty"`   // of a practice, to be stepped out of wherever the group is by now
	Exercise any               `json:"exercise,omitempty"`
	Kept     map[StepID]any    `json:"kept,omitempty"` // one's own part of the exercises before, for one's own download
}

// View renders a document, or nil where there is none of that name. It is built from what its readers
// may know, and shares nothing with the session that will change.
func (s *Session) View(d Document) any {
	switch {
	case s.phase == unopened:
		return nil
	case d == ForEveryone:
		return s.everyone()
	case d == ForFacilitators:
		return s.leaders()
	case d == ForKeepers:
		return s.keeping()
	case d == ForStage:
		return s.stage()
	}
	if room, ok := strings.CutPrefix(string(d), "room/"); ok {
		return s.roomView(RoomID(room))
	}
	name, own := strings.CutPrefix(string(d), "person/")
	if k, knocks := s.door.knocking[PersonID(name)]; own && knocks {
		return Own{Person: PersonID(name), Role: Participant, Door: s.ownDoor(k)}
	}
	p, ok := s.people[PersonID(name)]
	if !own || !ok {
		return nil
	}
	return s.own(PersonID(name), p)
}

func (s *Session) sessionView() SessionView {
	v := SessionView{
		Programme: s.programme.ID, Title: s.programme.Title, Room: s.programme.Room, Languages: s.programme.Languages,
		Opened: s.opened, Families: s.programme.Family, Phase: "running", Paused: s.pausedAt, Frozen: s.frozen,
		Keep: s.keep, Forgets: s.Forgets(),
	}
	switch {
	case s.phase == over:
		v.Phase, v.Teaches = "over", s.programme.Teaches
	case s.agenda.now == "":
		v.Phase = "arriving"
	}
	return v
}

// presentStep is the frame of the present step, without its exercise; nil where nothing of it is shown.
func (s *Session) presentStep(words func(StepScript) Text) *PresentStep {
	st, ok := s.agenda.steps[s.agenda.now]
	if !ok || s.frozen || s.phase == over {
		return nil
	}
	v := &PresentStep{ID: s.agenda.now, Kind: st.script.Kind, Title: st.script.Title, Text: words(st.script), Timer: s.timer(stepTimer)}
	if next, ok := s.nextStep(); ok {
		v.Next = next.Kind
	}
	return v
}

func (s *Session) nextStep() (StepScript, bool) {
	for _, id := range s.agenda.order[s.agenda.at()+1:] {
		if st := s.agenda.steps[id]; !st.skipped {
			return st.script, true
		}
	}
	return StepScript{}, false
}

func (s *Session) everyone() Everyone {
	v := Everyone{Session: s.sessionView(), Agenda: s.agendaView(), People: s.peopleView(), Lead: s.lead, Waiting: s.waiting(), Kept: s.kept()}
	v.Step = s.presentStep(func(sc StepScript) Text { return sc.Phone })
	if v.Step != nil {
		v.Step.Exercise = s.doing[v.Step.ID].everyone(s, v.Step.ID)
	}
	return v
}

func (s *Session) leaders() ForLeaders {
	v := ForLeaders{
		Code: s.code, StageKey: s.stageKey, Heirs: slices.Clone(s.heirs), Spent: map[StepID]Millis{}, Feedback: s.feedback(),
	}
	for id, st := range s.agenda.steps {
		if st.spent > 0 {
			v.Spent[id] = st.spent
		}
	}
	if next, ok := s.nextStep(); ok {
		v.NextSay = next.Say
	}
	if s.agenda.began != 0 {
		v.Until, v.Fitted = s.agenda.until(), len(s.agenda.unfitted()) > 0
	}
	if st, ok := s.agenda.steps[s.agenda.now]; ok && s.phase != over {
		v.Words, v.Entered = st.script.Say, st.entered
		v.Exercise = s.doing[s.agenda.now].facilitators(s, s.agenda.now)
	}
	return v
}

func (s *Session) keeping() Keeping {
	v := Keeping{
		Code: s.code, Door: s.doorView(), Newest: len(s.newest()), Support: s.supportView(), Asked: s.asked,
		Hold: s.holdView(), Reports: s.reportView(), Deeds: s.deedView(),
	}
	for id, p := range s.people {
		if p.quiet {
			if v.Quiet == nil {
				v.Quiet = map[PersonID]bool{}
			}
			v.Quiet[id] = true
		}
	}
	return v
}

func (s *Session) stage() StageView {
	v := StageView{Session: s.sessionView(), Code: s.code, Locked: s.Mode() == DoorClosed, Waiting: s.waiting(), People: len(s.inside()), Agenda: s.agendaView()}
	v.Step = s.presentStep(func(sc StepScript) Text { return sc.Stage })
	if v.Step != nil {
		v.Step.Exercise = s.doing[v.Step.ID].stage(s, v.Step.ID)
	}
	return v
}

func (s *Session) own(id PersonID, p person) Own {
	v := Own{Person: id, Role: p.role, Away: p.away, Quiet: p.quiet, Support: s.ownSupport(id), Held: s.ownHeld(id), Reported: maps.Clone(s.reportedBy(id)), Side: s.sides[id].Side, Across: s.sides[id].Across, Words: s.familyWords(id), Played: s.rolePlayed(id)}
	for step, x := range s.doing {
		mine := x.person(s, step, id)
		switch {
		case mine == nil:
		case step == s.agenda.now && s.phase != over:
			v.Exercise = mine
		default:
			v.kept(step, mine)
		}
	}
	return v
}

func (v *Own) kept(step StepID, mine any) {
	if v.Kept == nil {
		v.Kept = map[StepID]any{}
	}
	v.Kept[step] = mine
}
