import enCommon from '@messages/en/common.json'
import enProblems from '@messages/en/problems.json'
import enStudio from '@messages/en/studio.json'
import koCommon from '@messages/ko/common.json'
import koProblems from '@messages/ko/problems.json'
import koStudio from '@messages/ko/studio.json'
import type { Locale } from './locales'

// A namespace for a part of the site, a file for a namespace and language; English says which messages there are.
const en = { common: enCommon, problems: enProblems, studio: enStudio }

export type Messages = typeof en
export type Namespace = keyof Messages

export const written: Record<Locale, Messages> = {
  en,
  ko: { common: koCommon, problems: koProblems, studio: koStudio },
}
