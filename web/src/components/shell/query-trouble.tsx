'use client'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { useProblemWords } from '@/lib/api/words'

type Props = {
  problem: unknown
  /** Whether what was loaded before is shown still. */
  isOld?: boolean
  busy?: boolean
  onRetry: () => void
}

/** In place of what could not be loaded, or above it: why, and another try. */
export function QueryTrouble({ problem, isOld = false, busy = false, onRetry }: Props) {
  const t = useTranslations('common')
  const explain = useProblemWords()
  return (
    <Notice tone={isOld ? 'warn' : 'bad'} className={isOld ? 'mb-5' : undefined}>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p>
          {explain(problem)} {isOld && t('old')}
        </p>
        <Button tone="outline" busy={busy} onClick={onRetry}>
          {t('retry')}
        </Button>
      </div>
    </Notice>
  )
}
