import enCommon from '@messages/en/common.json'
import enLearning from '@messages/en/learning.json'
import enNotes from '@messages/en/notes.json'
import enPlayer from '@messages/en/player.json'
import enProblems from '@messages/en/problems.json'
import enQuestions from '@messages/en/questions.json'
import koCommon from '@messages/ko/common.json'
import koLearning from '@messages/ko/learning.json'
import koNotes from '@messages/ko/notes.json'
import koPlayer from '@messages/ko/player.json'
import koProblems from '@messages/ko/problems.json'
import koQuestions from '@messages/ko/questions.json'
import type { Locale } from './locales'

// A namespace for a part of the site, a file for a namespace and language; English says which messages there are.
const en = {
  common: enCommon,
  learning: enLearning,
  notes: enNotes,
  player: enPlayer,
  problems: enProblems,
  questions: enQuestions,
}

export type Messages = typeof en
export type Namespace = keyof Messages

export const written: Record<Locale, Messages> = {
  en,
  ko: {
    common: koCommon,
    learning: koLearning,
    notes: koNotes,
    player: koPlayer,
    problems: koProblems,
    questions: koQuestions,
  },
}
