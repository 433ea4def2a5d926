'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { useLocale, useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { api } from '@/lib/api/client'
import { answer } from '@/lib/api/problem'
import { useProblemWords } from '@/lib/api/words'
import { bodyOf, emptyDraft } from './course-draft'
import { CourseFields } from './course-fields'
import { courseQuery } from './queries'

export function NewCourse() {
  const t = useTranslations('studio.create')
  const explain = useProblemWords()
  const router = useRouter()
  const client = useQueryClient()
  const locale = useLocale()
  const [draft, setDraft] = useState(() => emptyDraft(locale, ''))
  const [checked, setChecked] = useState(false)
  const create = useMutation({
    mutationFn: (body: NonNullable<ReturnType<typeof bodyOf>>) => answer(api.POST('/api/v1/studio/courses', { body })),
    onSuccess: (course) => {
      client.setQueryData(courseQuery(course.id).queryKey, course)
      void client.invalidateQueries({ queryKey: ['studio', 'courses'] })
      router.push(`/studio/courses/${course.id}/curriculum`)
    },
  })
  return (
    <form
      className="mx-auto grid max-w-3xl gap-6 py-8"
      onSubmit={(event) => {
        event.preventDefault()
        setChecked(true)
        const body = bodyOf(draft)
        if (body) create.mutate(body)
      }}
    >
      <h1 className="text-3xl font-extrabold">{t('title')}</h1>
      <CourseFields brief draft={draft} checked={checked} onChange={(change) => setDraft({ ...draft, ...change })} />
      {create.isError && <Notice tone="bad">{explain(create.error)}</Notice>}
      <Button type="submit" size="lg" className="justify-self-start" busy={create.isPending || create.isSuccess}>
        {t('submit')}
      </Button>
    </form>
  )
}
