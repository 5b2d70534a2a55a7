export { Fields } from './fields';
export { newProblems, type Problem, problemsAt, problemsInWords } from './problems';
export { controlFor, type Entry, entriesOf, type JsonSchema } from './schema';
export { titleOf } from './titles';
export {
  type Change,
  changesBetween,
  isPlain,
  isSame,
  valueAt,
  withoutEmpty,
  withValueAt,
} from './value';
