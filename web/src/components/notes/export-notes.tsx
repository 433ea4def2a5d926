'use client'
import { useMutation } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { api } from '@/lib/api/client'
import { fileOf } from '@/lib/api/file'
import { useProblemWords } from '@/lib/api/words'
import { download } from '@/lib/download'

/** Hands over the notes on a course, or on all of them. It is asked for by script: a link would end with the session. */
export function ExportNotes({ course, small = false }: { course?: string; small?: boolean }) {
  const t = useTranslations('notes')
  const explain = useProblemWords()
  const take = useMutation({
    mutationFn: async () => {
      const query = { format: 'markdown', course } as const
      const call = api.GET('/api/v1/me/notes/export', { params: { query }, parseAs: 'blob' })
      const { file, name } = await fileOf(call, 'kosu-notes.md')
      download(file, name)
    },
  })
  return (
    <>
      <Button
        tone="outline"
        size={small ? 'icon' : 'md'}
        busy={take.isPending}
        {...(small ? { 'aria-label': t('exportCourse'), title: t('exportCourse') } : {})}
        onClick={() => take.mutate()}
      >
        <Download className="size-4" aria-hidden />
        {!small && t('export')}
      </Button>
      {take.isError && (
        <p role="alert" className="w-full text-sm text-bad">
          {explain(take.error)}
        </p>
      )}
    </>
  )
}
