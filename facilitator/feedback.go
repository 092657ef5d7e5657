package facilitator

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// FeedbackScript is what an author asks after a closing: questions with a scale, and one to answer in words.
type FeedbackScript struct {
	Questions []FeedbackQuestion `json:"questions" yaml:"questions" schema:"min=1,max=3" about:"What is asked with a scale."`
	Comment   Text               `json:"comment,omitempty" yaml:"comment" about:"A question to answer in words."`
}

// FeedbackQuestion is one question, its scale from low to high.
type FeedbackQuestion struct {
	Ask   Text   `json:"ask" yaml:"ask" about:"The question."`
	Scale []Text `json:"scale" yaml:"scale" schema:"min=3,max=7" about:"Its labels, from low to high."`
}

func (sc FeedbackScript) check() error {
	if len(sc.Questions) < 1 || len(sc.Questions) > 3 {
		return errors.New("questions: one to three are enough at the end")
	}
	for i, q := range sc.Questions {
		if len(q.Scale) < 3 || len(q.Scale) > 7 {
			return fmt.Errorf("questions[%d] needs a scale of 3 to 7 labels", i)
		}
	}
	return nil
}

// GiveFeedback gives or changes one's own: a place on each scale, counted from 1, or 0 for none, and a comment.
type GiveFeedback struct {
	Places  []int  `json:"places"`
	Comment string `json:"comment,omitempty"`
}

// TakeFeedback takes it back.
type TakeFeedback struct{}

// FeedbackGiven is the fact of it; without places and comment it takes it back.
type FeedbackGiven struct {
	Step    StepID   `json:"step"`
	Person  PersonID `json:"person"`
	Places  []int    `json:"places,omitempty"`
	Comment string   `json:"comment,omitempty"`
}

var feedbackKind = kind{
	name:   "feedback",
	script: func() any { return new(FeedbackScript) },
	begin: beginWith(func(sc FeedbackScript) exercise {
		return &feedback{script: sc, given: map[PersonID]feedbackOf{}}
	}),
	orders: []order{
		{name: "feedback.give", who: forPeople, sample: GiveFeedback{}, silent: true},
		{name: "feedback.take", who: forPeople, sample: TakeFeedback{}, silent: true},
	},
	facts: []fact{{"feedback.given", FeedbackGiven{}}},
	views: []any{FeedbackEveryone{}, FeedbackFacilitators{}, FeedbackOwn{}},
}

// feedback is drawn once, when the session is over, and then it is for whoever led: nothing of it is in any document
// before, so that it can be changed to the end, waits for nobody and delays nobody. The organiser takes the comments down
// while the room is still remembered; what the organisation keeps of them is nothing, and of the scales the outlines.
//
// Anonymous here means: to everybody in the room, the facilitators too. Until the session closes its log holds each
// answer with its author, sealed with the session's key; whoever runs the server and its store could open it until then.
// A bowl is what hides an author from the server itself.
type feedback struct {
	plain
	script FeedbackScript
	given  map[PersonID]feedbackOf
}

type feedbackOf struct {
	places  []int
	comment string
}

const maxComment = 600

func (x *feedback) clone() exercise {
	c := *x
	c.given = maps.Clone(x.given)
	return &c
}

func (c GiveFeedback) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := present[*feedback](s)
	if err != nil {
		return nil, err
	}
	if len(c.Places) != len(x.script.Questions) {
		return nil, feedbackPlaces()
	}
	said := false
	for i, place := range c.Places {
		if place < 0 || place > len(x.script.Questions[i].Scale) {
			return nil, feedbackPlaces()
		}
		said = said || place > 0
	}
	if len(x.script.Comment) == 0 {
		c.Comment = ""
	}
	comment, err := cleanWords(c.Comment, maxComment)
	if err != nil {
		return nil, err
	}
	if !said && comment == "" {
		return nil, refuse(Invalid, "feedback_empty", "Nothing is answered yet. One answer is enough, and none is needed.")
	}
	if was := x.given[in.By.Person]; was.comment == comment && slices.Equal(was.places, c.Places) {
		return nil, nil
	}
	return []Event{FeedbackGiven{Step: id, Person: in.By.Person, Places: c.Places, Comment: comment}}, nil
}

func feedbackPlaces() error {
	return refuse(Invalid, "feedback_places", "Choose places on the scales that are there.")
}

func (TakeFeedback) decide(s *Session, in Input) ([]Event, error) {
	x, id, err := present[*feedback](s)
	if err != nil || x.given[in.By.Person].places == nil {
		return nil, err
	}
	return []Event{FeedbackGiven{Step: id, Person: in.By.Person}}, nil
}

func (e FeedbackGiven) apply(s *Session) Touched {
	if x, ok := s.doing[e.Step].(*feedback); ok {
		if len(e.Places) == 0 {
			delete(x.given, e.Person)
		} else {
			x.given[e.Person] = feedbackOf{e.Places, e.Comment}
		}
	}
	return only(e.Person)
}

// FeedbackEveryone is the questions.
type FeedbackEveryone struct {
	Questions []FeedbackQuestion `json:"questions"`
	Comment   Text               `json:"comment,omitempty"`
}

// FeedbackFacilitators is how many have answered, left out under 4.
type FeedbackFacilitators struct {
	Answers int `json:"answers,omitempty"`
}

// FeedbackOwn is a person's own, absent before they gave it.
type FeedbackOwn struct {
	Places  []int  `json:"places,omitempty"`
	Comment string `json:"comment,omitempty"`
}

// FeedbackResult is what those who led read when the session is over, of four answers or more. Comments stand in the
// order of the alphabet, which says nothing of who wrote them.
type FeedbackResult struct {
	Title    Text           `json:"title"` // of the step
	Scales   []ScaleOutline `json:"scales"`
	Comment  Text           `json:"comment,omitempty"`
	Comments []string       `json:"comments,omitempty"`
}

// ScaleOutline is one question and how its answers lie. Outline is absent where fewer than four answered it.
type ScaleOutline struct {
	FeedbackQuestion
	Outline *Outline `json:"outline,omitempty"`
}

func (x *feedback) everyone(*Session, StepID) any {
	return FeedbackEveryone{Questions: x.script.Questions, Comment: x.script.Comment}
}

func (x *feedback) facilitators(*Session, StepID) any {
	return FeedbackFacilitators{Answers: atLeastFew(len(x.given))}
}

func (x *feedback) person(_ *Session, _ StepID, p PersonID) any {
	if f, gave := x.given[p]; gave {
		return FeedbackOwn{Places: f.places, Comment: f.comment}
	}
	return nil
}

// feedback is what every feedback of a session that is over came to, by its step.
func (s *Session) feedback() map[StepID]FeedbackResult {
	all := map[StepID]FeedbackResult{}
	for id, e := range s.doing {
		x, ok := e.(*feedback)
		if !ok || s.phase != over || len(x.given) < few {
			continue
		}
		r := FeedbackResult{Title: s.agenda.steps[id].script.Title, Comment: x.script.Comment}
		for i, q := range x.script.Questions {
			r.Scales = append(r.Scales, ScaleOutline{q, x.outline(i)})
		}
		for _, f := range x.given {
			if f.comment != "" {
				r.Comments = append(r.Comments, f.comment)
			}
		}
		slices.SortFunc(r.Comments, func(a, b string) int { return strings.Compare(strings.ToLower(a)+a, strings.ToLower(b)+b) })
		all[id] = r
	}
	return all
}

func (x *feedback) outline(question int) *Outline {
	counts := make([]int, len(x.script.Questions[question].Scale))
	for _, f := range x.given {
		if place := f.places[question]; place > 0 {
			counts[place-1]++
		}
	}
	return outlineOfOne(counts)
}
