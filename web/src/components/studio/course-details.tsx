'use client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Loaded } from '@/components/shell/loaded'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { Skeleton } from '@/components/ui/skeleton'
import { api } from '@/lib/api/client'
import { answer } from '@/lib/api/problem'
import { useProblemWords } from '@/lib/api/words'
import { bodyOf, draftOf } from './course-draft'
import { CourseFields } from './course-fields'
import { CoverField } from './cover-field'
import { OutcomeFields } from './outcome-fields'
import { courseQuery, ofCourse, type StudioCourse } from './queries'

export function CourseDetails({ id }: { id: string }) {
  const course = useQuery(courseQuery(id))
  return (
    <Loaded query={course} skeleton={<Skeleton className="h-[40rem]" />}>
      {(loaded) => (
        <div className="grid gap-8 lg:grid-cols-[1fr_20rem]">
          <DetailsForm course={loaded} />
          <CoverField course={loaded} />
        </div>
      )}
    </Loaded>
  )
}

function DetailsForm({ course }: { course: StudioCourse }) {
  const t = useTranslations('studio')
  const explain = useProblemWords()
  const client = useQueryClient()
  // What was changed here; the rest is as it stands.
  const [changes, setChanges] = useState<Partial<ReturnType<typeof draftOf>>>({})
  const [checked, setChecked] = useState(false)
  const draft = { ...draftOf(course), ...changes }
  const isChanged = Object.keys(changes).length > 0
  const save = useMutation({
    mutationFn: (body: NonNullable<ReturnType<typeof bodyOf>>) =>
      answer(api.PATCH('/api/v1/studio/courses/{course_id}', { ...ofCourse(course.id), body })),
    onSuccess: (saved) => {
      client.setQueryData(courseQuery(course.id).queryKey, saved)
      void client.invalidateQueries({ queryKey: ['studio', 'courses'] })
      setChanges({})
      setChecked(false)
    },
  })
  const change = (change: typeof changes) => {
    save.reset()
    setChanges({ ...changes, ...change })
  }
  return (
    <form
      aria-label={t('tabs.details')}
      className="order-last grid content-start gap-6 lg:order-first"
      onSubmit={(event) => {
        event.preventDefault()
        setChecked(true)
        const body = bodyOf(draft)
        if (body) save.mutate(body)
      }}
    >
      <h2 className="sr-only">{t('tabs.details')}</h2>
      <CourseFields draft={draft} checked={checked} onChange={change} />
      <OutcomeFields outcomes={draft.outcomes} onChange={(outcomes) => change({ outcomes })} />
      {save.isError && <Notice tone="bad">{explain(save.error)}</Notice>}
      <div className="flex flex-wrap items-center gap-4">
        <Button type="submit" busy={save.isPending} disabled={!isChanged}>
          {t('form.save')}
        </Button>
        <p role="status" className="text-sm text-muted">
          {isChanged ? t('form.unsaved') : save.isSuccess ? t('form.saved') : ''}
        </p>
      </div>
    </form>
  )
}
