import AWS

extension S3LifecycleRule {
    /// Moves objects that carry a tag to another storage class.
    package static func transition(
        id: String, prefix: String, tag: S3Tag, afterDays days: Int, to storageClass: String
    ) -> S3LifecycleRule {
        let move = [XMLNode("Days", text: "\(days)"), XMLNode("StorageClass", text: storageClass)]
        return S3LifecycleRule(
            XMLNode(
                "Rule",
                [
                    XMLNode("ID", text: id),
                    XMLNode("Filter", [XMLNode("And", [XMLNode("Prefix", text: prefix), tag.node])]),
                    XMLNode("Status", text: "Enabled"), XMLNode("Transition", move),
                ]))
    }
}
