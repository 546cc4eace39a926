/// The release that every executable reports; tags carry the same number.
package let millraceVersion = "0.1.0"
