'use client'
import { useMutation } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { api } from '@/lib/api/client'
import { answer } from '@/lib/api/problem'
import { useProblemWords } from '@/lib/api/words'
import { download } from '@/lib/download'
import { Section } from './section'

export function ExportData() {
  const t = useTranslations('settings.export')
  const explain = useProblemWords()
  const take = useMutation({
    mutationFn: async () =>
      download(await answer(api.GET('/api/v1/me/export', { parseAs: 'blob' })), 'kosu-account.json'),
  })
  return (
    <Section title={t('title')} text={t('text')}>
      <Button tone="outline" busy={take.isPending} onClick={() => take.mutate()}>
        <Download className="size-4" aria-hidden />
        {t('button')}
      </Button>
      {take.isError && (
        <p role="alert" className="mt-3 text-sm font-medium text-bad">
          {explain(take.error)}
        </p>
      )}
    </Section>
  )
}
