package com.harbourline.invoices;

import com.harbourline.access.Access;
import com.harbourline.access.User;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Set;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Invoices as their accounts may download them. */
@RestController
public class InvoiceController {
    private static final MediaType ZIP = MediaType.parseMediaType("application/zip");

    private final Invoices invoices;
    private final Access access;
    private final InvoiceDocuments documents;

    public InvoiceController(Invoices invoices, Access access, InvoiceDocuments documents) {
        this.invoices = invoices;
        this.access = access;
        this.documents = documents;
    }

    /** Which invoices an archive is to hold. */
    public record ArchiveRequest(@NotEmpty @Size(max = 50) Set<@NotBlank String> numbers) {}

    @GetMapping("/invoices/{number}.pdf")
    public ResponseEntity<byte[]> download(@PathVariable String number, @AuthenticationPrincipal User user) {
        Invoice invoice =
                invoices.findByNumber(number).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        access.requireMember(user, invoice.account());
        return attachment(MediaType.APPLICATION_PDF, invoice.number() + ".pdf", documents.pdf(invoice));
    }

    @PostMapping("/accounts/{account}/invoices/archive")
    public ResponseEntity<byte[]> archive(
            @PathVariable String account,
            @Valid @RequestBody ArchiveRequest request,
            @AuthenticationPrincipal User user) {
        access.requireMember(user, account);
        List<Invoice> found = invoices.findAllByNumberIn(request.numbers());
        if (found.size() != request.numbers().size()) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
        return attachment(ZIP, "invoices.zip", documents.archive(found));
    }

    private static ResponseEntity<byte[]> attachment(MediaType type, String name, byte[] content) {
        return ResponseEntity.ok()
                .contentType(type)
                .header("Content-Disposition", "attachment; filename=\"" + name + "\"")
                .body(content);
    }
}
