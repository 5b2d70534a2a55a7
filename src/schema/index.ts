export {
  choice,
  field,
  flag,
  ipAddress,
  path,
  secretText,
  section,
  text,
  wholeNumber,
} from './fields';
export { alternativesOf, describeField, entriesOf, type Schema } from './outline';
export { type Checked, check, type Problem, problemText, type Refused } from './problems';
export { closestTo } from './spelling';
