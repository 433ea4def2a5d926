import enAuth from '@messages/en/auth.json'
import enBrowse from '@messages/en/browse.json'
import enCatalog from '@messages/en/catalog.json'
import enCertificate from '@messages/en/certificate.json'
import enCheckout from '@messages/en/checkout.json'
import enCommon from '@messages/en/common.json'
import enConsole from '@messages/en/console.json'
import enLearning from '@messages/en/learning.json'
import enNotes from '@messages/en/notes.json'
import enPlayer from '@messages/en/player.json'
import enProblems from '@messages/en/problems.json'
import enQuestions from '@messages/en/questions.json'
import enSettings from '@messages/en/settings.json'
import enStudio from '@messages/en/studio.json'
import koAuth from '@messages/ko/auth.json'
import koBrowse from '@messages/ko/browse.json'
import koCatalog from '@messages/ko/catalog.json'
import koCertificate from '@messages/ko/certificate.json'
import koCheckout from '@messages/ko/checkout.json'
import koCommon from '@messages/ko/common.json'
import koConsole from '@messages/ko/console.json'
import koLearning from '@messages/ko/learning.json'
import koNotes from '@messages/ko/notes.json'
import koPlayer from '@messages/ko/player.json'
import koProblems from '@messages/ko/problems.json'
import koQuestions from '@messages/ko/questions.json'
import koSettings from '@messages/ko/settings.json'
import koStudio from '@messages/ko/studio.json'
import type { Locale } from './locales'

// A namespace for a part of the site, a file for a namespace and language; English says which messages there are.
const en = {
  auth: enAuth,
  browse: enBrowse,
  catalog: enCatalog,
  certificate: enCertificate,
  checkout: enCheckout,
  common: enCommon,
  console: enConsole,
  learning: enLearning,
  notes: enNotes,
  player: enPlayer,
  problems: enProblems,
  questions: enQuestions,
  settings: enSettings,
  studio: enStudio,
}

export type Messages = typeof en
export type Namespace = keyof Messages

export const written: Record<Locale, Messages> = {
  en,
  ko: {
    auth: koAuth,
    browse: koBrowse,
    catalog: koCatalog,
    certificate: koCertificate,
    checkout: koCheckout,
    common: koCommon,
    console: koConsole,
    learning: koLearning,
    notes: koNotes,
    player: koPlayer,
    problems: koProblems,
    questions: koQuestions,
    settings: koSettings,
    studio: koStudio,
  },
}
