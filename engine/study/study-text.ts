/** summary.txt of a study: what was asked, what came out, and how well it is known. */
import type { StudySummary } from './study-summary.ts'

/** The text for people. */
export function studyText(summary: StudySummary): string {
  return `${summary.title}\n`
}
