'use client'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { useProblemWords } from '@/lib/api/words'

/** In place of what could not be loaded: why, and another try. */
export function QueryTrouble({ problem, onRetry }: { problem: unknown; onRetry: () => void }) {
  const t = useTranslations('common')
  const explain = useProblemWords()
  return (
    <Notice tone="bad">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p>{explain(problem)}</p>
        <Button tone="outline" onClick={onRetry}>
          {t('retry')}
        </Button>
      </div>
    </Notice>
  )
}
