/// Something that holds identifiers or keys, and shows none of them, whichever way it is printed.
protocol Discreet: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {}

extension Discreet {
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
