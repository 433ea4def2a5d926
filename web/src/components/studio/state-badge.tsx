'use client'
import { useTranslations } from 'use-intl'
import { Badge, type Tone } from '@/components/ui/badge'
import type { StudioCourse } from './queries'

const tones: Record<StudioCourse['state'], Tone> = {
  draft: 'plain',
  in_review: 'warn',
  published: 'good',
  archived: 'plain',
}

export function StateBadge({ state, rejected }: { state: StudioCourse['state']; rejected: boolean }) {
  const t = useTranslations('studio.state')
  const sentBack = rejected && state === 'draft'
  return <Badge tone={sentBack ? 'bad' : tones[state]}>{t(sentBack ? 'rejected' : state)}</Badge>
}
