'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { api } from '@/lib/api/client'
import { answer, Problem } from '@/lib/api/problem'
import { useProblemWords } from '@/lib/api/words'
import { Cover } from './cover'
import { courseQuery, ofCourse, type StudioCourse } from './queries'

const LARGEST_BYTES = 2 * 1024 * 1024

export function CoverField({ course }: { course: StudioCourse }) {
  const t = useTranslations('studio.cover')
  const explain = useProblemWords()
  const client = useQueryClient()
  const input = useRef<HTMLInputElement>(null)
  const save = useMutation({
    mutationFn: (picture: File | null) => (picture ? putCover(course.id, picture) : removeCover(course.id)),
    onSuccess: (saved) => {
      client.setQueryData(courseQuery(course.id).queryKey, saved)
      void client.invalidateQueries({ queryKey: ['studio', 'courses'] })
    },
  })
  return (
    <section aria-labelledby="cover" className="grid content-start gap-3">
      <h2 id="cover" className="text-sm font-semibold">
        {t('title')}
      </h2>
      <Cover url={course.cover_url} alt={course.cover_url ? t('preview') : ''} className="w-full max-w-md" />
      <p className="text-sm text-muted">{t('hint')}</p>
      <div className="flex flex-wrap gap-2">
        <Button tone="outline" busy={save.isPending} onClick={() => input.current?.click()}>
          {course.cover_url ? t('replace') : t('choose')}
        </Button>
        {course.cover_url && (
          <Button tone="ghost" onClick={() => save.mutate(null)}>
            {t('remove')}
          </Button>
        )}
      </div>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={t('choose')}
        accept="image/png,image/jpeg,image/webp"
        onChange={(event) => {
          const [picture] = event.target.files ?? []
          event.target.value = ''
          if (picture) save.mutate(picture)
        }}
      />
      <p role="status" className="text-sm text-good">
        {save.isSuccess && course.cover_url ? t('saved') : ''}
      </p>
      {save.isError && <Notice tone="bad">{explain(save.error)}</Notice>}
    </section>
  )
}

function putCover(courseId: string, picture: File) {
  // Found out here, nobody waits for an upload that is refused.
  if (picture.size > LARGEST_BYTES) throw new Problem('cover_too_large', 413, 'The picture is too large.')
  return answer(
    api.PUT('/api/v1/studio/courses/{course_id}/cover', {
      ...ofCourse(courseId),
      body: '',
      bodySerializer: () => picture,
      headers: { 'content-type': picture.type },
    }),
  )
}

const removeCover = (courseId: string) =>
  answer(api.PATCH('/api/v1/studio/courses/{course_id}', { ...ofCourse(courseId), body: { cover_url: null } }))
