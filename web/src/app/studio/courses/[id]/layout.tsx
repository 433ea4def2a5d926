import { CourseShell } from '@/components/studio/course-shell'

export default async function CourseLayout({ params, children }: LayoutProps<'/studio/courses/[id]'>) {
  return <CourseShell id={(await params).id}>{children}</CourseShell>
}
