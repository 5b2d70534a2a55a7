export {
  choice,
  field,
  flag,
  ipAddress,
  madeOfType,
  path,
  secretText,
  section,
  text,
  wholeNumber,
} from './fields';
export {
  alternativesOf,
  describeField,
  entriesOf,
  itemOf,
  property,
  type Schema,
  schemaAt,
  wordsToValue,
} from './outline';
export { type Checked, check, type Problem, problemText, type Refused } from './problems';
export { closestTo } from './spelling';
