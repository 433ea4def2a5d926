import { CourseList } from '@/components/studio/course-list'

export default function StudioPage() {
  return <CourseList />
}
